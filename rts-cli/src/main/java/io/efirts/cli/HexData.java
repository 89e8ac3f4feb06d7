// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

/**
 * Bytes given in hex. A type of its own because picocli takes an array for a parameter that may be
 * given many times.
 *
 * @param bytes the bytes
 */
record HexData(byte[] bytes) {}
