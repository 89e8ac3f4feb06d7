// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Keeps crash records from filling the store: says which dumps have to go, and erases them.
 *
 * <p>Place in the data path: behind the reader, in process context, before there is need of space.
 */
package io.efirts.pstore.quota;
