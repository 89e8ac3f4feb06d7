// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Writing a dump: the newest part of the log first, part after part, each one a record.
 *
 * <p>Place in the data path: between the log and the firmware, on the thread that dumps.
 *
 * <pre>
 *  KmsgSource --> DumpWriter --> RecordSink -- BypassSink ----> non-blocking SetVariable, else lane
 *                 header, text,            `-- EmergencySink -> the emergency's SetVariable
 *                 compression
 * </pre>
 */
package io.efirts.pstore.write;
