// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** A text that throws once its slots are claimed: when it is looked at for the third time. */
final class FailingText implements CharSequence {
  private final IllegalStateException failure = new IllegalStateException("text is gone");
  private int looks;

  private FailingText() {}

  /** Writes such a text, which leaves one slot claimed and without content. */
  static void appendTo(LogRing ring) {
    FailingText text = new FailingText();
    assertSame(text.failure, assertThrows(IllegalStateException.class, () -> ring.append(text)));
  }

  @Override
  public int length() {
    return 1;
  }

  @Override
  public char charAt(int index) {
    if (++looks == 3) {
      throw failure;
    }
    return 'x';
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    throw new UnsupportedOperationException("a ring looks at single characters only");
  }
}
