// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.store.NvLayout;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rts demo}: the main job once, on real bytes. */
@Command(
    name = "demo",
    description = {
      "Calls runtime services through the dispatcher and shows what each answered and how long it"
          + " took. Then one thread is stopped inside the firmware and another one panics.",
      "Succeeds only if a random token is read back from the image and from the panic's log."
    })
final class DemoCommand implements Runnable {
  private static final int TOKEN_BYTES = 8;

  @Option(
      names = "--vars",
      paramLabel = "FILE",
      description = "Work on a copy of this image instead of a fresh one.")
  private Path vars;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      defaultValue = "x86_64",
      description =
          "The machine: x86_64 or arm64 (page tables, firmware in regions of guest memory, virtual"
              + " addresses), or flat (none of these); by default ${DEFAULT-VALUE}.")
  private MachineArch arch;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (TemporaryImage image =
        vars == null ? TemporaryImage.fresh(NvLayout.OVMF_4M) : TemporaryImage.copyOf(vars)) {
      out.println(
          vars == null
              ? "A fresh image in OVMF's 4M format: " + image.path()
              : "A copy of "
                  + Printable.text(vars.toString())
                  + ", which stays as it is: "
                  + image.path());
      arch.describe(out);
      out.println("Each call is made by a JVM that has just started:");
      byte[] random = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(random);
      String token = HexFormat.of().formatHex(random);
      DemoCalls calls = new DemoCalls(new CallLog(out), token);
      DemoPanic panic = new DemoPanic(out, token, arch);
      try (OpenStore store = OpenStore.forWriting(image.path(), arch, FirmwarePhase.RUNTIME)) {
        calls.use(store);
      }
      out.println("Closed. The same file again, as an operating system sees it after a reboot:");
      try (OpenStore store = OpenStore.forReading(image.path(), arch, FirmwarePhase.RUNTIME)) {
        calls.requireToken(store);
      }
      panic.panic(image.path());
      out.println("Rebooted. The log of the panic, as rts pstore show prints it:");
      try (OpenStore store = OpenStore.forReading(image.path(), arch, FirmwarePhase.RUNTIME)) {
        panic.requireToken(store, spec.commandLine().getErr());
      }
    }
    out.println("The token was read back equal all three times; the image is deleted.");
  }
}
