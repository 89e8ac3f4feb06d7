// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

/**
 * The places before and after the operations of a store. Every change of a variable store is one of
 * these operations, so these are all the places where a writer can be stopped, or the power cut.
 */
public enum StorageStep {
  /** Bytes are about to be written. */
  BEFORE_WRITE,
  /** Bytes were written, and need not be durable yet. */
  AFTER_WRITE,
  /** A word is about to be changed if it still has the expected value. */
  BEFORE_COMPARE_AND_SET,
  /** A word was changed, or was found to have another value. */
  AFTER_COMPARE_AND_SET,
  /** Bytes are about to be made durable. */
  BEFORE_FORCE,
  /** Bytes are durable. */
  AFTER_FORCE
}
