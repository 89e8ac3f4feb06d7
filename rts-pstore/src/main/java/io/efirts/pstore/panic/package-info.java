// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What a panicking thread does: takes the firmware over, writes its dump, then what waited in the
 * deferred lane, and resets.
 *
 * <p>Place in the data path: past everything else, on the crash path only. All of it was made
 * beforehand.
 */
package io.efirts.pstore.panic;
