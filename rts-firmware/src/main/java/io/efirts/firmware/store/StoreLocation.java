// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

/**
 * Where a store lies in a storage, and what may be done with it.
 *
 * @param offset where its header is
 * @param sizeBytes its size with the header
 * @param format which records it has
 * @param writable whether it may be changed
 */
record StoreLocation(long offset, long sizeBytes, RecordFormat format, boolean writable) {}
