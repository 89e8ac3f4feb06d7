// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.arm64.paging.Granule;
import io.efirts.x86.paging.PagingMode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say whose page tables are made, and how they are set up. */
final class FormatOptions {
  private static final int DEFAULT_VIRTUAL_BITS = 48;

  @Option(
      names = "--arch",
      required = true,
      paramLabel = "x86_64|arm64",
      converter = Architecture.Converter.class,
      description = "The architecture; aarch64 is arm64.")
  private Architecture architecture;

  @Option(
      names = "--levels",
      paramLabel = "4|5",
      converter = LevelsConverter.class,
      description = "x86_64: levels of page tables. Default: 4.")
  private PagingMode mode;

  @Option(
      names = "--granule",
      paramLabel = "4k|16k|64k",
      converter = GranuleConverter.class,
      description = "arm64: size of the smallest page and of a table. Default: 4k.")
  private Granule granule;

  @Option(
      names = "--va-bits",
      paramLabel = "N",
      converter = VirtualBitsConverter.class,
      description =
          "arm64: bits of a virtual address, 36 to 52. Above 48, output addresses have 52 too"
              + " (FEAT_LPA2; with 64k FEAT_LVA and FEAT_LPA). Default: 48.")
  private Integer virtualBits;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * What makes such tables.
   *
   * @throws ParameterException when an option is another architecture's
   */
  TableFormat format() {
    return switch (architecture) {
      case X86_64 -> {
        requireAbsent("--granule", granule, Architecture.ARM64);
        requireAbsent("--va-bits", virtualBits, Architecture.ARM64);
        yield new X86Format(mode == null ? PagingMode.FOUR_LEVEL : mode);
      }
      case ARM64 -> {
        requireAbsent("--levels", mode, Architecture.X86_64);
        yield new Arm64Format(
            new io.efirts.arm64.paging.PagingMode(
                granule == null ? Granule.FOUR_KIB : granule,
                virtualBits == null ? DEFAULT_VIRTUAL_BITS : virtualBits));
      }
    };
  }

  private void requireAbsent(String option, Object value, Architecture owner) {
    if (value != null) {
      throw new ParameterException(
          spec.commandLine(),
          option + " must be given with --arch " + owner + " only: arch=" + architecture);
    }
  }
}
