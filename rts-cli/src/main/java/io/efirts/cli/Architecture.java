// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whose page tables are made. */
enum Architecture {
  /** 64-bit x86. */
  X86_64;

  /** Reads the names that {@code uname -m} and others have for it. */
  static final class Converter implements ITypeConverter<Architecture> {
    @Override
    public Architecture convert(String text) {
      return switch (text) {
        case "x86_64" -> X86_64;
        case "arm64", "aarch64" ->
            throw new TypeConversionException(text + " is not supported yet, only x86_64 is");
        default ->
            throw new TypeConversionException(
                "architecture must be x86_64: architecture=" + Printable.quoted(text));
      };
    }
  }
}
