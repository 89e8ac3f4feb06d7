// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.VariableReader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.VariableAttributes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The calls of the demo, each measured on its caller's side, queueing and waking up included. */
final class DemoCalls {
  private static final String NAME = "RtsDemo";
  private static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");
  private static final int ATTRIBUTES =
      VariableAttributes.NON_VOLATILE
          | VariableAttributes.BOOTSERVICE_ACCESS
          | VariableAttributes.RUNTIME_ACCESS;

  private final CallLog log;
  private final byte[] token;

  DemoCalls(CallLog log, String token) {
    this.log = log;
    this.token = token.getBytes(StandardCharsets.US_ASCII);
  }

  /** Makes every call once; throws unless all succeed and the token comes back. */
  void use(OpenStore store) {
    getTime(store);
    queryVariableInfo(store);
    walk(store);
    setToken(store);
    requireToken(store);
  }

  private void getTime(OpenStore store) {
    EfiTimeHolder time = new EfiTimeHolder();
    long start = System.nanoTime();
    CallResult result = store.services().getTime(time, null);
    long nanos = System.nanoTime() - start;
    log.print(
        "GetTime",
        result,
        nanos,
        time.isValid() ? time.toEfiTime().toLocalDateTime().toString() : "no valid time");
    store.requireSuccess(result, "GetTime");
  }

  private void queryVariableInfo(OpenStore store) {
    LongHolder maximum = new LongHolder();
    LongHolder remaining = new LongHolder();
    LongHolder largest = new LongHolder();
    long start = System.nanoTime();
    CallResult result = store.services().queryVariableInfo(ATTRIBUTES, maximum, remaining, largest);
    long nanos = System.nanoTime() - start;
    log.print(
        "QueryVariableInfo",
        result,
        nanos,
        remaining.value + " of " + maximum.value + " bytes free");
    store.requireSuccess(result, "QueryVariableInfo");
  }

  private void walk(OpenStore store) {
    VariableReader reader = store.reader();
    int calls = 0;
    CallResult result;
    long start = System.nanoTime();
    do {
      result = reader.next();
      calls++;
    } while (result.isSuccess());
    long nanos = System.nanoTime() - start;
    log.print(
        "GetNextVariableName x" + calls,
        result,
        nanos / calls,
        "end after " + (calls - 1) + (calls == 2 ? " variable" : " variables"));
    if (!result.status().equals(EfiStatus.NOT_FOUND)) {
      store.requireSuccess(result, "GetNextVariableName");
    }
  }

  private void setToken(OpenStore store) {
    MemorySegment value = MemorySegment.ofArray(token);
    long start = System.nanoTime();
    CallResult result =
        store.services().setVariable(NAME, GUID, ATTRIBUTES, value.byteSize(), value);
    long nanos = System.nanoTime() - start;
    log.print("SetVariable", result, nanos, NAME + " = " + text(token));
    store.requireSuccess(result, "SetVariable");
  }

  /** Reads the token; throws unless it is the one that was set. */
  void requireToken(OpenStore store) {
    VariableReader reader = store.reader();
    long start = System.nanoTime();
    CallResult result = reader.read(NAME, GUID);
    long nanos = System.nanoTime() - start;
    log.print("GetVariable", result, nanos, NAME + " = " + text(reader.data()));
    store.requireSuccess(result, "GetVariable");
    if (!Arrays.equals(token, reader.data())) {
      throw new CliException(
          "the token read back must be the one set: set="
              + text(token)
              + ", read="
              + text(reader.data()));
    }
  }

  private static String text(byte[] value) {
    return Printable.text(new String(value, StandardCharsets.ISO_8859_1));
  }
}
