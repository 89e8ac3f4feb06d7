// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.x86.paging.PagingMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many levels of page tables a 64-bit processor walks. */
final class LevelsConverter implements ITypeConverter<PagingMode> {
  @Override
  public PagingMode convert(String text) {
    return switch (text) {
      case "4" -> PagingMode.FOUR_LEVEL;
      case "5" -> PagingMode.FIVE_LEVEL;
      default -> throw new TypeConversionException("levels must be 4 or 5: levels=" + text);
    };
  }
}
