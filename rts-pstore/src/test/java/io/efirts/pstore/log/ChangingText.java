// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

/** A text that is another one once its length in bytes was measured. */
class ChangingText implements CharSequence {
  private final String measured;
  private final String written;
  private int looks;

  /** The first text has only characters of one unit, so that each is looked at as often. */
  ChangingText(String measured, String written) {
    this.measured = measured;
    this.written = written;
  }

  /** Called when the text has changed, in the middle of the write. */
  void changed() {}

  @Override
  public int length() {
    return measured.length();
  }

  /** Twice through the first text: once for its lines, once for its length. */
  @Override
  public char charAt(int index) {
    if (++looks == 2 * measured.length() + 1) {
      changed();
    }
    return (looks > 2 * measured.length() ? written : measured).charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    throw new UnsupportedOperationException("a ring looks at single characters only");
  }
}
