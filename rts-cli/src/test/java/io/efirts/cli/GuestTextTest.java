// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.Outcome;
import io.efirts.qemu.machine.GuestArch;
import io.efirts.qemu.machine.MachineSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GuestTextTest {
  private static final GuestIdentity IDENTITY = new GuestIdentity("EDK II", "0x10000", "2.7");

  private static void prints(String expected, Consumer<GuestText> printing) {
    StringWriter out = new StringWriter();
    printing.accept(new GuestText(new PrintWriter(out)));
    assertEquals(expected, out.toString());
  }

  private static GuestBoot boot(GuestIdentity identity, boolean kept) {
    return new GuestBoot(
        "x86_64",
        "code.fd",
        "vars.fd",
        kept,
        3749,
        identity,
        List.of(
            new GuestBoot.TypeSummary("EfiRuntimeServicesData", 3, 646, 646),
            new GuestBoot.TypeSummary("EfiMemoryMappedIO", 1, 1024, 1024)));
  }

  private static GuestCall call(String name, String status, Outcome outcome, long nanos) {
    return new GuestCall(name, status, outcome, nanos, "");
  }

  private static GuestWay way(String addresses, GuestCall... calls) {
    return new GuestWay(addresses, List.of(calls));
  }

  @Test
  void whatIsBootedIsSaidFirst() {
    prints(
        "Booting /usr/share/AAVMF/AAVMF_CODE.fd in qemu-system-aarch64 ...\n",
        text -> text.booting(MachineSettings.of(GuestArch.ARM64)));
  }

  @Test
  void theMapIsShownByType() {
    prints(
        """
        EDK II, revision 0x10000, UEFI 2.7; boot services ended after 3.7 s
        variables in a copy of vars.fd

                          TYPE  REGIONS  PAGES  RUNTIME PAGES
        EfiRuntimeServicesData        3    646            646
             EfiMemoryMappedIO        1   1024           1024
        """,
        text -> text.print(boot(IDENTITY, false)));
  }

  @Test
  void firmwareMayHaveNoNameOrOneThatATerminalWouldObey() {
    for (String[] names : new String[][] {{"", "(no vendor)"}, {"A\u001bB", "A\\u001bB"}}) {
      prints(
          """
          %s, revision 0x1, UEFI 2.7; boot services ended after 3.7 s
          variables in vars.fd, which are kept

                            TYPE  REGIONS  PAGES  RUNTIME PAGES
          EfiRuntimeServicesData        3    646            646
               EfiMemoryMappedIO        1   1024           1024
          """
              .formatted(names[1]),
          text -> text.print(boot(new GuestIdentity(names[0], "0x1", "2.7"), true)));
    }
  }

  @Test
  void regionsHaveBothAddressesAndTheirPermissions() {
    GuestRegion code =
        new GuestRegion(
            "EfiRuntimeServicesCode",
            "0xf5ec000",
            "0xfffffffeff1ec000",
            256,
            "WB|RUNTIME",
            List.of(
                new GuestRegion.Part(0, 60, "r-x", "WB"),
                new GuestRegion.Part(60, 156, "rw-", "WB"),
                new GuestRegion.Part(216, 40, "r-x", "WB")));
    GuestRegion flash =
        new GuestRegion(
            "EfiMemoryMappedIO",
            "0xffc00000",
            "0xfffffffeffc00000",
            1024,
            "UC|RUNTIME",
            List.of(new GuestRegion.Part(0, 1024, "rw-", "UC")));
    prints(
        """

        After SetVirtualAddressMap, runtime regions are mapped at both addresses; pages by permissions:
                          TYPE    PHYSICAL             VIRTUAL  PAGES               PERMISSIONS
        EfiRuntimeServicesCode   0xf5ec000  0xfffffffeff1ec000    256  r-x WB x100, rw- WB x156
             EfiMemoryMappedIO  0xffc00000  0xfffffffeffc00000   1024                    rw- UC
        findings: none
        """,
        text -> text.print(List.of(code, flash), List.of()));
    prints(
        """

        After SetVirtualAddressMap, runtime regions are mapped at both addresses; pages by permissions:
        TYPE  PHYSICAL  VIRTUAL  PAGES  PERMISSIONS
        findings:
          one
          two
        """,
        text -> text.print(List.of(), List.of("one", "two")));
  }

  @Test
  void statusesThatDifferAreAllShown() {
    prints(
        """

        Calls through the dispatcher, in microseconds (median):
        CALL                       STATUS                               firmware's tables      1:1 addresses  virtual addresses  LAST ANSWER
        GetTime                    EFI_SUCCESS                                        1.5             1000.0                0.2
        GetVariable                EFI_SUCCESS | EFI_ABORTED (FAULTED)                2.0                3.0                4.0
        """,
        text ->
            text.print(
                List.of(
                    way(
                        GuestWay.FIRMWARE,
                        call("GetTime", "EFI_SUCCESS", Outcome.COMPLETED, 1500),
                        call("GetVariable", "EFI_SUCCESS", Outcome.COMPLETED, 2000)),
                    way(
                        GuestWay.PHYSICAL,
                        call("GetTime", "EFI_SUCCESS", Outcome.COMPLETED, 1_000_000),
                        call("GetVariable", "EFI_SUCCESS", Outcome.COMPLETED, 3000)),
                    way(
                        GuestWay.VIRTUAL,
                        call("GetTime", "EFI_SUCCESS", Outcome.COMPLETED, 200),
                        call("GetVariable", "EFI_ABORTED", Outcome.FAULTED, 4000)))));
  }

  @Test
  void aFaultIsExplained() {
    GuestFault fault =
        new GuestFault(
            "EfiRuntimeServicesCode",
            "0x1000",
            "0xf000",
            call("GetTime", "EFI_ABORTED", Outcome.FAULTED, 5000),
            "firmware fault: kind=NOT_MAPPED",
            "a cause",
            List.of("first", "second"),
            new GuestCall("GetTime", "EFI_SUCCESS", Outcome.COMPLETED, 7000, "now"));
    prints(
        """

        Without EfiRuntimeServicesCode at 0x1000 and 0xf000:
          GetTime  EFI_ABORTED (FAULTED)  5.0 us
          firmware fault: kind=NOT_MAPPED
          a cause
            first
            second
        With the region in its place, and a new instance of the same firmware:
          GetTime  EFI_SUCCESS  7.0 us  now
        """,
        text -> text.print(fault));
  }
}
