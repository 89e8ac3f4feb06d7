// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.util.HexFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads hex digits in either letter case, nothing between or around them. */
final class HexConverter implements ITypeConverter<HexData> {
  @Override
  public HexData convert(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("hex must not be empty, rm deletes a variable");
    }
    for (int i = 0; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        throw new TypeConversionException(
            "hex must have only the digits 0 to 9 and a to f: index="
                + i
                + ", found='"
                + text.charAt(i)
                + "'");
      }
    }
    if (text.length() % 2 != 0) {
      throw new TypeConversionException(
          "hex must have an even number of digits: digits=" + text.length());
    }
    return new HexData(HexFormat.of().parseHex(text));
  }
}
