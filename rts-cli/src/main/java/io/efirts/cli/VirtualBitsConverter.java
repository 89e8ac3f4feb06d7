// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PagingMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many bits an arm64 processor translates. */
final class VirtualBitsConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    try {
      int bits = UnsignedNumbers.parse32(text, "va-bits");
      // The granule makes no difference to which numbers there are.
      return new PagingMode(Granule.FOUR_KIB, bits).virtualBits();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "va-bits must be a number from 36 to 52: va-bits=" + Printable.quoted(text));
    }
  }
}
