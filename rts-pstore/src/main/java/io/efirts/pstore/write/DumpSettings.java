// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

/**
 * What a dump is to be like.
 *
 * @param recordBytes largest content of a record
 * @param kmsgBytes a dump ends once its records hold this much
 * @param compress whether to compress
 */
public record DumpSettings(int recordBytes, int kmsgBytes, boolean compress) {}
