// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import io.efirts.testkit.StopPoint;

/** A text that stops the thread that writes it, at one of the looks at its characters. */
final class StoppingText implements CharSequence {
  /** A ring looks at each character for lines, for the length, and to write it. */
  static final int LOOKS_PER_CHARACTER = 3;

  private final String text;
  private final int stopAtLook;
  private final StopPoint stop;
  private int looks;

  StoppingText(String text, int stopAtLook, StopPoint stop) {
    this.text = text;
    this.stopAtLook = stopAtLook;
    this.stop = stop;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (looks++ == stopAtLook) {
      stop.pass();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    throw new UnsupportedOperationException("a ring looks at single characters only");
  }
}
