// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rts pstore}: the crash records in an image file. */
@Command(
    name = "pstore",
    description = "Shows, exports and erases the crash records in an image file.",
    subcommands = {
      PstoreListCommand.class,
      PstoreShowCommand.class,
      PstoreExportCommand.class,
      PstoreRemoveCommand.class
    },
    footer = {
      "",
      "Crash records are variables in the format of Linux's efi-pstore. A dump of the log is one",
      "or more records, its parts; part 1 is the newest end of the log.",
      "list, show and export leave the file as it is, byte for byte. rm returns when the change",
      "is on stable storage. Do not use it while a virtual machine runs on the file.",
      "Variables that are no records are named on standard error."
    })
final class PstoreCommand {
  @Mixin private HelpOption help;
}
