// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import io.efirts.api.spec.VariableAttributes;
import java.lang.foreign.MemorySegment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rts vars set}: SetVariable, as firmware does it at boot. */
@Command(name = "set", description = "Creates a variable or replaces its value.")
final class VarsSetCommand implements Runnable {
  @Mixin private VariableParameters variable;

  @Parameters(
      index = "3",
      paramLabel = "ATTRIBUTES",
      converter = AttributesConverter.class,
      description = {
        "NV,BS or NV,BS,RT or a number. They must be those of an existing variable. AP appends to"
            + " the value."
      })
  private int attributes;

  @Parameters(
      index = "4",
      paramLabel = "HEX",
      converter = HexConverter.class,
      description = "The value, two hex digits for each byte.")
  private HexData data;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if ((attributes & VariableAttributes.NON_VOLATILE) == 0) {
      throw new CliException(
          "attributes must have NV, only non-volatile variables are kept in a file: attributes="
              + VariableAttributes.describe(attributes));
    }
    try (OpenStore store = OpenStore.forWriting(variable.file())) {
      MemorySegment value = MemorySegment.ofArray(data.bytes());
      store.requireRoomFor(variable.name(), data.bytes().length);
      CallResult result =
          store
              .services()
              .setVariable(variable.name(), variable.guid(), attributes, value.byteSize(), value);
      store.requireSuccess(result, variable.in("SetVariable"));
      spec.commandLine().getOut().println(variable.in("SetVariable") + ": " + result);
    }
  }
}
