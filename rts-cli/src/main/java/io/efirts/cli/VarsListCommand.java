// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import io.efirts.api.VariableReader;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.VariableAttributes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rts vars list}: GetNextVariableName to the end, GetVariable for each. */
@Command(
    name = "list",
    description = "Lists all variables in the order of the store.",
    footer = {"", "JSON: an array of {name, guid, attributes, size}."})
final class VarsListCommand implements Runnable {
  private static final String ATTRIBUTES = "ATTRIBUTES";
  private static final String SIZE = "SIZE";
  private static final int GUID_LENGTH = 36;

  @Parameters(index = "0", paramLabel = "FILE", description = "The image file.")
  private Path file;

  @Mixin private ReadOptions options;
  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (OpenStore store = options.open(file)) {
      List<VariableSummary> variables = list(store);
      PrintWriter out = spec.commandLine().getOut();
      if (options.json()) {
        JsonOutput.print(out, variables);
      } else {
        printTable(out, variables);
      }
    }
  }

  private static List<VariableSummary> list(OpenStore store) {
    VariableReader reader = store.reader();
    List<VariableSummary> variables = new ArrayList<>();
    CallResult result;
    while ((result = reader.next()).isSuccess()) {
      String name = reader.name();
      store.requireSuccess(
          reader.read(name, reader.guid()), "GetVariable " + Printable.quoted(name));
      variables.add(
          new VariableSummary(
              name,
              reader.guid().toString(),
              Integer.toUnsignedLong(reader.attributes()),
              reader.dataSize()));
    }
    if (!result.status().equals(EfiStatus.NOT_FOUND)) {
      store.requireSuccess(result, "GetNextVariableName");
    }
    return variables;
  }

  private static void printTable(PrintWriter out, List<VariableSummary> variables) {
    int attributesWidth = ATTRIBUTES.length();
    int sizeWidth = SIZE.length();
    for (VariableSummary variable : variables) {
      attributesWidth = Math.max(attributesWidth, attributes(variable).length());
      sizeWidth = Math.max(sizeWidth, Long.toString(variable.size()).length());
    }
    String format = "%-" + attributesWidth + "s  %" + sizeWidth + "s  %-" + GUID_LENGTH + "s  %s%n";
    out.printf(format, ATTRIBUTES, SIZE, "GUID", "NAME");
    for (VariableSummary variable : variables) {
      out.printf(
          format,
          attributes(variable),
          variable.size(),
          variable.guid(),
          Printable.text(variable.name()));
    }
  }

  private static String attributes(VariableSummary variable) {
    return VariableAttributes.describe((int) variable.attributes());
  }
}
