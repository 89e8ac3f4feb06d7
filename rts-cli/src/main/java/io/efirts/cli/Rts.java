// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code rts} command. */
@Command(
    name = "rts",
    description = "Calls EFI runtime services on firmware that keeps its variables in a file.",
    mixinStandardHelpOptions = true,
    versionProvider = RtsVersion.class,
    subcommands = {
      DemoCommand.class,
      VarsCommand.class,
      PstoreCommand.class,
      PagetablesCommand.class,
      FirmwareCommand.class
    },
    footer = {
      "",
      "FILE is a variable store in EDK2's format, as QEMU keeps it beside OVMF or AAVMF.",
      "Exit code: 0 for success, 2 for every error."
    })
public final class Rts {
  /** Exit code of every error. */
  static final int EXIT_ERROR = 2;

  private Rts() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(run(new PrintWriter(System.out), new PrintWriter(System.err), arguments));
  }

  /**
   * Runs the command in this JVM.
   *
   * @param out where results go
   * @param err where errors go
   * @param arguments the command line
   * @return the exit code
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    int exitCode = execute(out, err, arguments);
    // Writers keep quiet about a full disk or a reader that has gone.
    if (out.checkError()) {
      CommandErrors.print(err, "output could not be written");
      return EXIT_ERROR;
    }
    return exitCode;
  }

  private static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    CommandErrors errors = new CommandErrors();
    try {
      return new CommandLine(new Rts())
          .setOut(out)
          .setErr(err)
          // A variable's name may start with an @.
          .setExpandAtFiles(false)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setParameterExceptionHandler(errors)
          .setExecutionExceptionHandler(errors)
          .execute(arguments);
    } catch (Error e) {
      // An image that another process truncates while it is mapped ends as an InternalError.
      CommandErrors.print(err, "internal error: " + e);
      return EXIT_ERROR;
    }
  }
}
