// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rts vars}: the variables in an image file. */
@Command(
    name = "vars",
    description = "Reads and changes the variables in an image file.",
    subcommands = {
      VarsListCommand.class,
      VarsGetCommand.class,
      VarsInfoCommand.class,
      VarsSetCommand.class,
      VarsRemoveCommand.class
    },
    footer = {
      "",
      "list, get and info leave the file as it is, byte for byte.",
      "set and rm return when the change is on stable storage. Do not use them while a",
      "virtual machine runs on the file."
    })
final class VarsCommand {
  @Mixin private HelpOption help;
}
