// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

/**
 * A machine could not be started, asked or copied: something is not installed, QEMU refused, ended,
 * or did not answer in time. The message has the rule, the name and the value.
 */
public final class MachineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure without another behind it.
   *
   * @param message rule, name and value
   */
  public MachineException(String message) {
    super(message);
  }

  /**
   * A failure caused by another.
   *
   * @param message rule, name and value
   * @param cause the other failure
   */
  public MachineException(String message, Throwable cause) {
    super(message, cause);
  }
}
