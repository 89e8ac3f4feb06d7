// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

/**
 * A variable with its value, as {@code --json} shows it.
 *
 * @param name the name without NUL
 * @param guid the vendor GUID in lower case
 * @param attributes the attribute word, unsigned
 * @param size the size of the value in bytes
 * @param data the value in lower-case hex
 */
record VariableContent(String name, String guid, long attributes, long size, String data) {}
