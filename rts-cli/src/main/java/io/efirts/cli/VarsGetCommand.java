// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.VariableReader;
import io.efirts.api.spec.VariableAttributes;
import java.io.PrintWriter;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rts vars get}: GetVariable. */
@Command(
    name = "get",
    description = "Shows one variable: attributes, size and value.",
    footer = {"", "JSON: {name, guid, attributes, size, data}, data in hex."})
final class VarsGetCommand implements Runnable {
  @Mixin private ReadOptions options;
  @Mixin private VariableParameters variable;
  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (OpenStore store = options.open(variable.file())) {
      store.requireRoomFor(variable.name(), 0);
      VariableReader reader = store.reader();
      store.requireSuccess(
          reader.read(variable.name(), variable.guid()), variable.in("GetVariable"));
      print(spec.commandLine().getOut(), reader);
    }
  }

  private void print(PrintWriter out, VariableReader reader) {
    if (options.json()) {
      JsonOutput.print(
          out,
          new VariableContent(
              variable.name(),
              variable.guid().toString(),
              Integer.toUnsignedLong(reader.attributes()),
              reader.dataSize(),
              HexFormat.of().formatHex(reader.data())));
    } else {
      out.println("attributes  " + VariableAttributes.describe(reader.attributes()));
      out.println("size        " + reader.dataSize());
      HexDump.print(out, reader.data());
    }
  }
}
