// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Parts of page tables that no architecture changes: their supply of frames, and the runs into
 * which pages are gathered.
 *
 * <p>Place in the data path: inside the tables of the architectures' modules, the only ones this
 * package is exported to.
 */
package io.efirts.api.paging.table;
