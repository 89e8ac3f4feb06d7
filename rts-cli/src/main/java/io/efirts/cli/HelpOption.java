// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import picocli.CommandLine.Option;

/** The help option of the commands below {@code rts}, which itself has a version to show too. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean requested;
}
