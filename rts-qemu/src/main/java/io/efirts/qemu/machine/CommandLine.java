// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.util.ArrayList;
import java.util.List;

/** QEMU's arguments. Names of the machine's own files are relative to its directory. */
final class CommandLine {
  private CommandLine() {}

  /**
   * The arguments for a machine that starts paused, so that every connection is there before its
   * first instruction.
   *
   * @param incoming whether a device state will be loaded before it runs
   */
  static List<String> of(MachineSettings settings, boolean incoming) {
    GuestArch arch = settings.arch();
    long mebibytes = GuestArch.RAM_BYTES >> 20;
    List<String> line = new ArrayList<>();
    line.add(arch.binary());
    line.addAll(List.of("-machine", arch.board() + ",memory-backend=ram,accel=tcg"));
    line.addAll(List.of("-cpu", arch.processor(), "-smp", "1", "-m", Long.toString(mebibytes)));
    line.addAll(
        List.of(
            "-object",
            "memory-backend-file,id=ram,share=on,mem-path="
                + MachineDirectory.RAM
                + ",size="
                + mebibytes
                + "M"));
    line.addAll(
        List.of(
            "-drive",
            "if=pflash,format=raw,unit=0,readonly=on,file="
                + escaped(settings.code().toAbsolutePath().toString())));
    line.addAll(
        List.of("-drive", "if=pflash,format=raw,unit=1,file=" + escaped(variables(settings))));
    if (settings.kernel() != null) {
      line.addAll(List.of("-kernel", MachineDirectory.KERNEL));
    }
    line.addAll(List.of("-no-user-config", "-nodefaults", "-display", "none", "-net", "none"));
    line.addAll(
        List.of(
            "-chardev",
            "file,id=serial,append=on,path=" + MachineDirectory.SERIAL,
            "-serial",
            "chardev:serial"));
    line.addAll(List.of("-no-reboot", "-boot", "menu=off", "-S"));
    for (String monitor :
        List.of(MachineDirectory.CONTROL, MachineDirectory.ALARM, MachineDirectory.CRASH_ALARM)) {
      line.addAll(List.of("-qmp", "unix:" + monitor + ",server=on,wait=off"));
    }
    if (arch == GuestArch.ARM64) {
      line.addAll(
          List.of(
              "-chardev",
              "socket,id=gdb,path=" + MachineDirectory.DEBUGGER + ",server=on,wait=off",
              "-gdb",
              "chardev:gdb"));
    }
    if (incoming) {
      line.addAll(List.of("-incoming", "defer"));
    }
    return List.copyOf(line);
  }

  private static String variables(MachineSettings settings) {
    return settings.variablesInPlace()
        ? settings.variables().toAbsolutePath().toString()
        : MachineDirectory.VARIABLES;
  }

  /** A comma ends the value of an option unless it is written twice. */
  private static String escaped(String value) {
    return value.replace(",", ",,");
  }
}
