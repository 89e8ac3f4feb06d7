// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Page tables as their embedder sees them on every architecture: the frames that tables are made
 * of, and what a table maps. The entries themselves are the architecture's.
 *
 * <p>Place in the data path: before it. Frames are allocated when an address space is made or
 * changed, never while one is translated or entered.
 *
 * <p>A null argument is misuse throughout and throws {@link java.lang.NullPointerException} naming
 * the argument.
 */
package io.efirts.api.paging;
