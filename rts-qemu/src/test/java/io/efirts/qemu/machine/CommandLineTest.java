// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void aPcStartsPausedWithThreeControlConnections() {
    assertEquals(
        "qemu-system-x86_64 -machine q35,smm=off,memory-backend=ram,accel=tcg -cpu max -smp 1 -m"
            + " 256 -object memory-backend-file,id=ram,share=on,mem-path=ram.bin,size=256M -drive"
            + " if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd -drive"
            + " if=pflash,format=raw,unit=1,file=vars.fd -no-user-config -nodefaults -display none"
            + " -net none -chardev file,id=serial,append=on,path=serial.log -serial chardev:serial"
            + " -no-reboot -boot menu=off -S -qmp unix:qmp,server=on,wait=off -qmp"
            + " unix:alarm,server=on,wait=off -qmp unix:crash,server=on,wait=off",
        line(MachineSettings.of(GuestArch.X86_64), false));
  }

  @Test
  void anArmBoardHasNoEl2AndADebugger() {
    String line = line(MachineSettings.of(GuestArch.ARM64), false);
    assertTrue(line.startsWith("qemu-system-aarch64 -machine virt,memory-backend=ram,accel=tcg"));
    assertTrue(line.contains(" -cpu cortex-a57 "));
    assertTrue(line.contains("file=/usr/share/AAVMF/AAVMF_CODE.fd"));
    assertFalse(line.contains("virtualization"));
    assertTrue(
        line.endsWith("-chardev socket,id=gdb,path=gdb,server=on,wait=off -gdb chardev:gdb"));
  }

  @Test
  void aKernelIsTheMachinesOwnFile() {
    MachineSettings settings = MachineSettings.of(GuestArch.X86_64).withKernel(new byte[] {1});
    assertTrue(line(settings, false).contains(" -kernel agent.efi "));
  }

  @Test
  void aMachineToBeBroughtBackWaitsForItsDevices() {
    assertTrue(line(MachineSettings.of(GuestArch.X86_64), true).endsWith(" -incoming defer"));
  }

  @Test
  void aCommaInAFilesNameIsWrittenTwice() {
    MachineSettings settings =
        MachineSettings.of(GuestArch.X86_64)
            .withFirmware(Path.of("/a,b/code.fd"), Path.of("/a,b/vars.fd"))
            .withVariablesInPlace(Path.of("/c,d.fd"));
    assertTrue(line(settings, false).contains("readonly=on,file=/a,,b/code.fd "));
    assertTrue(line(settings, false).contains("unit=1,file=/c,,d.fd "));
  }

  private static String line(MachineSettings settings, boolean incoming) {
    return String.join(" ", CommandLine.of(settings, incoming));
  }
}
