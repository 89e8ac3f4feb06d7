// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.arm64.paging.Granule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how large the smallest pages of an arm64 processor are. */
final class GranuleConverter implements ITypeConverter<Granule> {
  @Override
  public Granule convert(String text) {
    return switch (text) {
      case "4k" -> Granule.FOUR_KIB;
      case "16k" -> Granule.SIXTEEN_KIB;
      case "64k" -> Granule.SIXTY_FOUR_KIB;
      default ->
          throw new TypeConversionException(
              "granule must be 4k, 16k or 64k: granule=" + Printable.quoted(text));
    };
  }
}
