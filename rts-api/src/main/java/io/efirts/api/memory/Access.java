// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/** What an instruction does with a page; decides which permission is needed. */
public enum Access {
  /** A data load. */
  READ,
  /** A data store. */
  WRITE,
  /** An instruction fetch. */
  EXECUTE
}
