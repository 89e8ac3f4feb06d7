// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whose page tables are made. */
enum Architecture {
  /** 64-bit x86. */
  X86_64("x86_64"),
  /** 64-bit Arm. */
  ARM64("arm64");

  private final String text;

  Architecture(String text) {
    this.text = text;
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return text;
  }

  /** Reads the names that {@code uname -m} and others have for it. */
  static final class Converter implements ITypeConverter<Architecture> {
    @Override
    public Architecture convert(String text) {
      return switch (text) {
        case "x86_64" -> X86_64;
        case "arm64", "aarch64" -> ARM64;
        default ->
            throw new TypeConversionException(
                "architecture must be x86_64 or arm64: architecture=" + Printable.quoted(text));
      };
    }
  }
}
