// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import java.util.concurrent.atomic.AtomicInteger;

/** Numbers the dumps, failed ones too. Any thread, in any state. */
public final class DumpNumbers {
  private final AtomicInteger last;

  /**
   * Numbers from one on.
   *
   * @param first the next dump's
   */
  public DumpNumbers(int first) {
    last = new AtomicInteger(first - 1);
  }

  /**
   * The next number.
   *
   * @return not given out before
   */
  public int next() {
    return last.incrementAndGet() & Integer.MAX_VALUE;
  }
}
