// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

/** The agent did not come up, or says what cannot be. The message has the rule and the value. */
public final class AgentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * With a message.
   *
   * @param message the rule, the name and the value
   */
  public AgentException(String message) {
    super(message);
  }

  /**
   * With a cause.
   *
   * @param message the rule, the name and the value
   * @param cause what was thrown
   */
  public AgentException(String message, Throwable cause) {
    super(message, cause);
  }
}
