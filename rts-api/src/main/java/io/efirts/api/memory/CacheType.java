// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/** Memory type of a mapping, in the order of the UEFI memory attribute bits. */
public enum CacheType {
  /** Uncached; device registers. */
  UNCACHED,
  /** Write combining. */
  WRITE_COMBINING,
  /** Write through. */
  WRITE_THROUGH,
  /** Write back; ordinary memory. */
  WRITE_BACK,
  /** Write protected: reads are cached, writes go to the bus. */
  WRITE_PROTECTED
}
