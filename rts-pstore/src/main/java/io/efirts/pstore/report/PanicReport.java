// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.report;

/**
 * How a panic went. Made beforehand and filled in as the panic goes on; for the thread that
 * panicked, and for others once it has returned.
 */
public interface PanicReport {
  /**
   * Whether this panic has taken the firmware over.
   *
   * @return false if another one had, or the dispatcher was closed: then nothing was written
   */
  boolean tookOver();

  /**
   * Whether the firmware was interrupted inside a call, or had faulted.
   *
   * @return true if only its crash entry could be used
   */
  boolean firmwareWasInterrupted();

  /**
   * The dump's number.
   *
   * @return as in the names of its records; 0 if there is none
   */
  int dump();

  /**
   * How many records the dump has.
   *
   * @return written or not
   */
  int parts();

  /**
   * How many of them were written.
   *
   * @return at most {@link #parts}
   */
  int partsWritten();

  /**
   * How many records of the deferred lane were written.
   *
   * @return the number
   */
  int deferredWritten();

  /**
   * How many records were dropped, of the dump and of the deferred lane, torn ones included.
   *
   * @return the number; which ones they are is told by {@link CrashRecordListener#lost}
   */
  int dropped();
}
