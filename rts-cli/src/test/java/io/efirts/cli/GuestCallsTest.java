// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.Outcome;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GuestCallsTest {
  private final List<String> problems = new ArrayList<>();

  /** Calls the reference firmware, or what is made of it. */
  private List<GuestCall> make(Function<Firmware, Firmware> change) {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_4M);
    Firmware firmware = ReferenceFirmware.builder(image).phase(FirmwarePhase.RUNTIME).build();
    try (Dispatcher dispatcher =
        Dispatcher.builder().invoker().firmware(change.apply(firmware)).start()) {
      return GuestCalls.make(dispatcher.runtimeServices(), "value", problems);
    }
  }

  private static Firmware answering(Firmware firmware, RuntimeService service, long status) {
    return frame -> frame.service() == service ? status : firmware.call(frame);
  }

  private static GuestCall call(List<GuestCall> calls, String name) {
    return calls.stream().filter(call -> call.call().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void everyServiceIsShownOnceAndNothingIsLeftBehind() {
    List<GuestCall> calls = make(firmware -> firmware);

    assertEquals(List.of(), problems);
    assertEquals(
        List.of(
            "GetTime EFI_SUCCESS",
            "QueryVariableInfo EFI_SUCCESS",
            "GetNextVariableName EFI_NOT_FOUND",
            "SetVariable EFI_SUCCESS",
            "GetVariable EFI_SUCCESS",
            "SetVariable (delete) EFI_SUCCESS",
            "GetNextHighMonotonicCount EFI_SUCCESS"),
        calls.subList(0, 7).stream().map(call -> call.call() + " " + call.result()).toList());
    assertEquals("QueryCapsuleCapabilities", calls.getLast().call());
    assertTrue(calls.stream().allMatch(call -> call.nanos() > 0), calls::toString);
    // In the last round only the counter is there: each one before has deleted its variable.
    assertEquals("end after 1 variable", call(calls, "GetNextVariableName").answer());
  }

  @Test
  void aServiceThatFirmwareLacksIsAnAnswer() {
    List<GuestCall> calls =
        make(
            firmware ->
                answering(
                    firmware,
                    RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT,
                    EfiStatusCode.UNSUPPORTED));

    assertEquals(List.of(), problems);
    assertEquals("EFI_UNSUPPORTED", call(calls, "GetNextHighMonotonicCount").result());
    assertEquals("", call(calls, "GetNextHighMonotonicCount").answer());
  }

  @Test
  void aVariableThatCannotBeSetIsAProblem() {
    make(
        firmware ->
            answering(firmware, RuntimeService.SET_VARIABLE, EfiStatusCode.WRITE_PROTECTED));

    assertEquals(
        List.of(
            "SetVariable: EFI_WRITE_PROTECTED",
            "GetVariable: EFI_NOT_FOUND",
            "SetVariable (delete): EFI_WRITE_PROTECTED"),
        problems);
  }

  @Test
  void aValueThatDoesNotComeBackIsAProblem() {
    make(firmware -> answering(firmware, RuntimeService.GET_VARIABLE, EfiStatusCode.SUCCESS));

    assertEquals(
        List.of("GetVariable: the value read back must be the one set: variable=RtsFirmware"),
        problems);
  }

  @Test
  void afterAFaultNoFurtherRoundIsMade() {
    int[] times = new int[1];
    List<GuestCall> calls =
        make(
            firmware ->
                frame -> {
                  if (frame.service() == RuntimeService.GET_TIME) {
                    times[0]++;
                    throw new FirmwareFault(FaultKind.NOT_MAPPED, 0x1000, Access.READ, 0);
                  }
                  return firmware.call(frame);
                });

    assertEquals(1, times[0]);
    assertEquals(Outcome.FAULTED, calls.getFirst().outcome());
    assertEquals("EFI_ABORTED (FAULTED)", calls.getFirst().result());
    assertEquals("GetTime: EFI_ABORTED (FAULTED)", problems.getFirst());
    assertEquals(calls.size(), problems.size());
    assertEquals(Outcome.DISABLED, calls.getLast().outcome());
  }

  @Test
  void theTimeOfSeveralCallsIsTheirMedianAndTheAnswerTheLast() {
    List<GuestCall> same = new ArrayList<>();
    for (long nanos : new long[] {9000, 5, 20, 10, 15}) {
      same.add(new GuestCall("GetTime", "EFI_SUCCESS", Outcome.COMPLETED, nanos, "at " + nanos));
    }
    assertEquals(
        new GuestCall("GetTime", "EFI_SUCCESS", Outcome.COMPLETED, 15, "at 15"),
        GuestCall.median(same));
  }
}
