// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/** A storage device refused to write or to make writes durable. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param message what was refused, with offset and length
   * @param cause the device's own error, or null
   */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
