// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import io.efirts.api.Outcome;
import io.efirts.qemu.machine.GuestArch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code rts firmware} with Debian's firmware in a real QEMU. */
@Tag("real-firmware")
@Timeout(180)
class RealFirmwareCommandTest {
  private static final List<String> ANSWERS =
      List.of(
          "GetTime EFI_SUCCESS",
          "QueryVariableInfo EFI_SUCCESS",
          "GetNextVariableName EFI_NOT_FOUND",
          "SetVariable EFI_SUCCESS",
          "GetVariable EFI_SUCCESS",
          "SetVariable (delete) EFI_SUCCESS",
          "GetNextHighMonotonicCount EFI_SUCCESS",
          "QueryCapsuleCapabilities EFI_INVALID_PARAMETER");

  @TempDir private Path directory;

  private static GuestArch guest(Architecture arch) {
    return arch == Architecture.X86_64 ? GuestArch.X86_64 : GuestArch.ARM64;
  }

  private Path copyOfVars(Architecture arch) throws IOException {
    return Files.copy(guest(arch).defaultVariables(), directory.resolve("vars.fd"));
  }

  private static List<String> answers(GuestWay way) {
    return way.calls().stream().map(call -> call.call() + " " + call.result()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void everyCallIsAnsweredInEveryWayAndAFaultIsContained(Architecture arch) {
    GuestReport report =
        new Gson()
            .fromJson(
                rts("firmware", "--arch", arch, "--json", "--fault").succeeds().json(),
                GuestReport.class);

    requireBoot(report.boot(), arch);
    requireRegions(report);
    assertEquals(List.of(), report.findings());
    assertEquals(
        List.of("firmware's tables", "1:1 addresses", "virtual addresses"),
        report.ways().stream().map(GuestWay::addresses).toList());
    for (GuestWay way : report.ways()) {
      assertEquals(ANSWERS, answers(way), way.addresses());
      assertTrue(way.calls().stream().allMatch(call -> call.nanos() > 0), way::toString);
    }
    requireFault(report.fault(), report.regions());
  }

  private static void requireBoot(GuestBoot boot, Architecture arch) {
    assertEquals(arch.toString(), boot.architecture());
    assertEquals(guest(arch).defaultCode().toString(), boot.code());
    assertFalse(boot.kept());
    assertTrue(boot.bootMillis() > 0 && boot.bootMillis() < 90_000, boot::toString);
    assertTrue(boot.firmware().vendor().length() > 3, boot::toString);
    assertTrue(boot.firmware().uefi().startsWith("2."), boot::toString);
    // The machine has 256 MiB.
    long conventional =
        boot.memoryMap().stream()
            .filter(type -> type.type().equals("EfiConventionalMemory"))
            .mapToLong(GuestBoot.TypeSummary::pages)
            .sum();
    assertTrue(conventional > 32_768 && conventional < 65_536, boot::toString);
  }

  private static void requireRegions(GuestReport report) {
    long pages = report.regions().stream().mapToLong(GuestRegion::pages).sum();
    assertEquals(
        report.boot().memoryMap().stream().mapToLong(GuestBoot.TypeSummary::runtimePages).sum(),
        pages);
    for (GuestRegion region : report.regions()) {
      assertNotEquals(0, Long.decode(region.physicalAddress()), region::toString);
      assertNotEquals(0, Long.parseUnsignedLong(region.virtualAddress().substring(2), 16));
      assertNotEquals(region.physicalAddress(), region.virtualAddress());
      assertEquals(
          region.pages(),
          region.parts().stream().mapToLong(GuestRegion.Part::pages).sum(),
          region::toString);
      boolean code = region.type().equals("EfiRuntimeServicesCode");
      assertEquals(
          code,
          region.parts().stream().anyMatch(part -> part.permissions().equals("r-x")),
          region::toString);
      assertTrue(
          region.parts().stream().noneMatch(part -> part.permissions().equals("rwx")),
          region::toString);
    }
  }

  private static void requireFault(GuestFault fault, List<GuestRegion> regions) {
    GuestRegion code =
        regions.stream()
            .filter(region -> region.physicalAddress().equals(fault.physicalAddress()))
            .findFirst()
            .orElseThrow();
    assertEquals("EfiRuntimeServicesCode", code.type());
    assertEquals(code.virtualAddress(), fault.virtualAddress());
    assertEquals(Outcome.FAULTED, fault.faulted().outcome());
    assertTrue(fault.fault().contains("kind=NOT_MAPPED, access=EXECUTE"), fault.fault());
    String explanation = String.join("\n", fault.explanation());
    assertTrue(
        explanation.contains(
            "phys_addr = " + fault.physicalAddress() + ", virt_addr = " + fault.virtualAddress()),
        explanation);
    assertEquals("EFI_SUCCESS", fault.next().result());
  }

  @Test
  void theTextNamesEveryRegionAndCall() {
    CommandRun run = rts("firmware").succeeds();

    assertTrue(run.lines().getFirst().startsWith("Booting " + GuestArch.X86_64.defaultCode()));
    for (String answer : ANSWERS) {
      String status = answer.substring(answer.lastIndexOf(' ') + 1);
      String call = answer.substring(0, answer.lastIndexOf(' '));
      assertEquals(
          1,
          run.lines().stream()
              .filter(line -> line.startsWith(call + "  ") && line.contains(" " + status + " "))
              .count(),
          run.out());
    }
    assertTrue(run.out().contains("findings: none"), run.out());
    assertFalse(run.out().contains("Without "), run.out());
  }

  @Test
  void onlyWhatIsToBeKeptIsWritten() throws IOException {
    Path vars = copyOfVars(Architecture.X86_64);
    byte[] before = Files.readAllBytes(vars);

    rts("firmware", "--vars", vars).succeeds();
    assertArrayEquals(before, Files.readAllBytes(vars));

    CommandRun kept = rts("firmware", "--vars", vars, "--keep").succeeds();
    assertTrue(kept.out().contains("variables in " + vars + ", which are kept"), kept.out());
    // Firmware's own variables are there; ours is deleted, and is no error for another reader.
    CommandRun list = rts("vars", "list", vars).succeeds();
    assertTrue(list.out().contains("BootOrder"), list.out());
    assertFalse(list.out().contains("RtsFirmware"), list.out());
    rts("firmware", "--vars", vars, "--keep").succeeds();
  }

  @Test
  void firmwareOfAnotherSizeServesToo() {
    Path code = Path.of("/usr/share/OVMF/OVMF_CODE.fd");
    Path vars = Path.of("/usr/share/OVMF/OVMF_VARS.fd");
    CommandRun run = rts("firmware", "--code", code, "--vars", vars).succeeds();
    assertTrue(run.lines().getFirst().contains(" " + code + " "), run.out());
    assertTrue(run.out().contains("variables in a copy of " + vars), run.out());
    assertTrue(run.out().contains(" of 57244 bytes free"), run.out());
  }

  @ParameterizedTest
  @EnumSource
  void codeThatDoesNotBootIsGivenUpOn(Architecture arch) throws IOException {
    Path code = directory.resolve("code.fd");
    Files.write(code, new byte[(int) Files.size(guest(arch).defaultCode())]);

    CommandRun run = rts("firmware", "--arch", arch, "--code", code, "--boot-limit", 1);

    assertEquals(2, run.exitCode());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(
        run.err()
            .startsWith(
                "rts: firmware must boot, within --boot-limit 1 s and without Secure Boot: "),
        run.err());
  }
}
