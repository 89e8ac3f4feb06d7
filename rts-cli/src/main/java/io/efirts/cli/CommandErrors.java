// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns every exception into one line on standard error and the exit code. */
final class CommandErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  @Override
  public int handleParseException(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    print(
        command.getErr(),
        problem.getMessage() + "; try '" + command.getCommandSpec().qualifiedName() + " --help'");
    return Rts.EXIT_ERROR;
  }

  @Override
  public int handleExecutionException(
      Exception problem, CommandLine command, ParseResult arguments) {
    command.getOut().flush();
    print(
        command.getErr(),
        problem instanceof CliException ? problem.getMessage() : "internal error: " + problem);
    return Rts.EXIT_ERROR;
  }

  static void print(PrintWriter err, String message) {
    err.println("rts: " + Printable.text(message));
    err.flush();
  }
}
