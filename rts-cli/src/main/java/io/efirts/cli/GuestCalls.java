// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableReader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.VariableAttributes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** One round of calls on real firmware, each measured on its caller's side. */
final class GuestCalls {
  private static final int ROUNDS = 9;
  private static final String NAME = "RtsFirmware";
  private static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");
  private static final int ATTRIBUTES =
      VariableAttributes.NON_VOLATILE
          | VariableAttributes.BOOTSERVICE_ACCESS
          | VariableAttributes.RUNTIME_ACCESS;

  private final RuntimeServices services;
  private final byte[] value;
  private final List<GuestCall> made = new ArrayList<>();
  private final List<String> problems;

  private GuestCalls(RuntimeServices services, String value, List<String> problems) {
    this.services = services;
    this.value = value.getBytes(StandardCharsets.US_ASCII);
    this.problems = problems;
  }

  /**
   * Makes some rounds; no further one after a call that firmware has not answered.
   *
   * @param services firmware
   * @param value what a variable is set to
   * @param problems takes what is not as it must be, in words
   * @return each call once, in order
   */
  static List<GuestCall> make(RuntimeServices services, String value, List<String> problems) {
    List<List<GuestCall>> rounds = new ArrayList<>();
    do {
      GuestCalls round = new GuestCalls(services, value + rounds.size(), problems);
      round.makeAll();
      rounds.add(round.made);
    } while (rounds.size() < ROUNDS && problems.isEmpty());
    List<GuestCall> medians = new ArrayList<>();
    for (int call = 0; call < rounds.getFirst().size(); call++) {
      int at = call;
      medians.add(GuestCall.median(rounds.stream().map(round -> round.get(at)).toList()));
    }
    return medians;
  }

  private void makeAll() {
    made.add(getTime(services));
    queryVariableInfo();
    walk();
    MemorySegment data = MemorySegment.ofArray(value);
    String text = NAME + " = " + new String(value, StandardCharsets.US_ASCII);
    requireSuccess(
        measured(
            "SetVariable",
            () -> services.setVariable(NAME, GUID, ATTRIBUTES, data.byteSize(), data),
            () -> text));
    read();
    requireSuccess(
        measured(
            "SetVariable (delete)",
            () -> services.setVariable(NAME, GUID, ATTRIBUTES, 0, MemorySegment.NULL),
            () -> NAME + " is deleted"));
    IntHolder high = new IntHolder();
    measured(
        "GetNextHighMonotonicCount",
        () -> services.getNextHighMonotonicCount(high),
        () -> "high part " + Integer.toUnsignedString(high.value));
    measured(
        "QueryCapsuleCapabilities",
        () -> services.queryCapsuleCapabilities(List.of(), new LongHolder(), new IntHolder()),
        () -> "for no capsule at all");
    made.stream()
        .filter(call -> !call.isAnswered())
        .forEach(call -> problems.add(call.call() + ": " + call.result()));
  }

  /** Asks for the time. */
  static GuestCall getTime(RuntimeServices services) {
    EfiTimeHolder time = new EfiTimeHolder();
    return timed(
        "GetTime",
        () -> services.getTime(time, null),
        () -> time.isValid() ? time.toEfiTime().toLocalDateTime().toString() : "no valid time");
  }

  private void queryVariableInfo() {
    LongHolder maximum = new LongHolder();
    LongHolder remaining = new LongHolder();
    measured(
        "QueryVariableInfo",
        () -> services.queryVariableInfo(ATTRIBUTES, maximum, remaining, new LongHolder()),
        () -> remaining.value + " of " + maximum.value + " bytes free");
  }

  private void walk() {
    VariableReader reader = new VariableReader(services);
    int variables = 0;
    long start = System.nanoTime();
    CallResult result = reader.next();
    while (result.isSuccess()) {
      variables++;
      result = reader.next();
    }
    long nanos = System.nanoTime() - start;
    String answer =
        (result.status().equals(EfiStatus.NOT_FOUND) ? "end after " : "stopped after ")
            + variables
            + (variables == 1 ? " variable" : " variables");
    made.add(GuestCall.of("GetNextVariableName", result, nanos / (variables + 1), answer));
  }

  private void read() {
    VariableReader reader = new VariableReader(services);
    requireSuccess(
        measured("GetVariable", () -> reader.read(NAME, GUID), () -> reader.dataSize() + " bytes"));
    if (made.getLast().status().equals(EfiStatus.SUCCESS.name())
        && !Arrays.equals(value, reader.data())) {
      problems.add("GetVariable: the value read back must be the one set: variable=" + NAME);
    }
  }

  private GuestCall measured(String name, Supplier<CallResult> call, Supplier<String> answer) {
    made.add(timed(name, call, answer));
    return made.getLast();
  }

  private static GuestCall timed(String name, Supplier<CallResult> call, Supplier<String> answer) {
    long start = System.nanoTime();
    CallResult result = call.get();
    long nanos = System.nanoTime() - start;
    return GuestCall.of(name, result, nanos, result.isSuccess() ? answer.get() : "");
  }

  /** What firmware has not answered is told of all calls alike. */
  private void requireSuccess(GuestCall call) {
    if (call.isAnswered() && !call.status().equals(EfiStatus.SUCCESS.name())) {
      problems.add(call.call() + ": " + call.result());
    }
  }
}
