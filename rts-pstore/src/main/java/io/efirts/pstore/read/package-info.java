// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Reads crash records back from variables, puts dumps together again and erases them.
 *
 * <p>Place in the data path: the last stage, in a process that has survived or in the next boot.
 * Everything here blocks and allocates as {@link io.efirts.api.RuntimeServices} and ordinary code
 * do; nothing of it is for the crash path. Neither firmware nor whoever wrote the variables is
 * trusted: every walk ends, memory is bounded, and what is no record is reported and passed over.
 */
package io.efirts.pstore.read;
