// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What a crash record looks like: the name, namespace and attributes of its variable, its
 * identifier, and the line in front of its text. All as Linux's efi-pstore has it.
 *
 * <p>Place in the data path: used by whoever writes records and by whoever reads them.
 */
package io.efirts.pstore.format;
