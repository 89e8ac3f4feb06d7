// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * A record on its way to the firmware, and what became of records that did not get there.
 *
 * <p>Place in the data path: made by a dump, handed to the firmware at once, or kept in the
 * deferred lane until it can be.
 */
package io.efirts.pstore.record;
