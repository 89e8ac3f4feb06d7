// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import io.efirts.x86.paging.TlbFlush;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Puts a flush off until the address space is entered next: the tables of an address space with a
 * PCID of its own may change while it is not active, and only the next entry has to forget what the
 * processor remembers of it.
 *
 * <p>One for each context and processor, given to the builder of its tables too. Any thread may
 * flush while no call is inside; the range does not matter. Never blocks or allocates.
 */
public final class EntryFlush implements TlbFlush {
  /** At first nothing is known of what was cached with that PCID before. */
  private final AtomicBoolean pending = new AtomicBoolean(true);

  /** A flush that is pending: the first entry empties the TLB. */
  public EntryFlush() {}

  @Override
  public void flush(long root, long first, long last) {
    pending.set(true);
  }

  /** Whether this entry has to flush; asked once per entry. */
  boolean take() {
    return pending.get() && pending.getAndSet(false);
  }
}
