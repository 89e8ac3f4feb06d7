// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.LongHolder;
import io.efirts.api.spec.VariableAttributes;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rts vars info}: QueryVariableInfo. */
@Command(
    name = "info",
    description = "Shows how much room the store has for non-volatile variables, in bytes.",
    footer = {
      "",
      "At boot, space of deleted variables counts as free: firmware can reclaim it then.",
      "JSON: {maximumVariableStorageSize, remainingVariableStorageSize, maximumVariableSize}."
    })
final class VarsInfoCommand implements Runnable {
  private static final int NON_VOLATILE_RUNTIME =
      VariableAttributes.NON_VOLATILE
          | VariableAttributes.BOOTSERVICE_ACCESS
          | VariableAttributes.RUNTIME_ACCESS;

  @Parameters(index = "0", paramLabel = "FILE", description = "The image file.")
  private Path file;

  @Mixin private ReadOptions options;
  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (OpenStore store = options.open(file)) {
      LongHolder maximumStorage = new LongHolder();
      LongHolder remainingStorage = new LongHolder();
      LongHolder maximumVariable = new LongHolder();
      store.requireSuccess(
          store
              .services()
              .queryVariableInfo(
                  NON_VOLATILE_RUNTIME, maximumStorage, remainingStorage, maximumVariable),
          "QueryVariableInfo");
      print(
          spec.commandLine().getOut(),
          new VariableStorage(maximumStorage.value, remainingStorage.value, maximumVariable.value));
    }
  }

  private void print(PrintWriter out, VariableStorage storage) {
    if (options.json()) {
      JsonOutput.print(out, storage);
    } else {
      out.printf("maximum variable storage    %8d%n", storage.maximumVariableStorageSize());
      out.printf("remaining variable storage  %8d%n", storage.remainingVariableStorageSize());
      out.printf("maximum variable size       %8d%n", storage.maximumVariableSize());
    }
  }
}
