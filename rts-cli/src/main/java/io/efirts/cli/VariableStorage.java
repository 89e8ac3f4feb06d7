// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

/**
 * What QueryVariableInfo answers, as {@code --json} shows it.
 *
 * @param maximumVariableStorageSize the size of the store in bytes
 * @param remainingVariableStorageSize what is left of it in bytes
 * @param maximumVariableSize the largest size of a variable in bytes
 */
record VariableStorage(
    long maximumVariableStorageSize, long remainingVariableStorageSize, long maximumVariableSize) {}
