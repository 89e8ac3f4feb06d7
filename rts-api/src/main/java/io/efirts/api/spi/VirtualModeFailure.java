// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import java.util.List;
import java.util.Objects;

/**
 * Why firmware was not brought into virtual mode. Its services stay disabled: nobody knows which of
 * its pointers were changed.
 */
public final class VirtualModeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is known of the cause, line by line. */
  private final transient List<String> explanation;

  /**
   * A failure.
   *
   * @param message the rule that was broken and by what, in one line
   * @param cause what firmware threw, or null
   * @param explanation what is known beyond that, possibly nothing
   */
  public VirtualModeFailure(String message, Throwable cause, List<String> explanation) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.explanation = List.copyOf(explanation);
  }

  /**
   * What is known of the cause.
   *
   * @return lines of text; none in an exception that was serialized
   */
  public List<String> explanation() {
    return explanation == null ? List.of() : explanation;
  }
}
