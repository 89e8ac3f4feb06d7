// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import java.lang.foreign.MemorySegment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rts vars rm}: SetVariable without attributes and data, as firmware does it at boot. */
@Command(name = "rm", description = "Deletes a variable.")
final class VarsRemoveCommand implements Runnable {
  @Mixin private VariableParameters variable;
  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (OpenStore store = OpenStore.forWriting(variable.file())) {
      store.requireRoomFor(variable.name(), 0);
      // No access attributes: deletes whatever attributes the variable has (UEFI 8.2.3).
      CallResult result =
          store.services().setVariable(variable.name(), variable.guid(), 0, 0, MemorySegment.NULL);
      store.requireSuccess(result, variable.in("SetVariable"));
      spec.commandLine().getOut().println(variable.in("SetVariable") + ": " + result);
    }
  }
}
