// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * How the text of a record is made small and read again: raw deflate, as Linux's pstore has it.
 *
 * <p>Place in the data path: between the log and the variable when a record is written, between the
 * variable and its reader later.
 */
package io.efirts.pstore.codec;
