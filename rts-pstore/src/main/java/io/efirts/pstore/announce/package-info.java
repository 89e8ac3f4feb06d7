// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Telling of records that were written, later and elsewhere: whoever writes one may not wait for
 * listeners.
 *
 * <p>Place in the data path: behind a successful write, but for a panic's.
 */
package io.efirts.pstore.announce;
