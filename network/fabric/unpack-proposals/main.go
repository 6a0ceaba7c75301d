// SPDX-License-Identifier: Apache-2.0

// Reads proposals as a peer does before it executes them: one on each line of the standard input, in base64.
// On a line of the standard output it says what the peer would execute, or why it would not.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"log"
	"os"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"github.com/hyperledger/fabric/core/endorser"
	"github.com/hyperledger/fabric/protoutil"
)

type execution struct {
	Channel      string   `json:"channel"`
	Chaincode    string   `json:"chaincode"`
	Args         [][]byte `json:"args"`
	ProposalHash string   `json:"proposalHash"`
	Refused      string   `json:"refused"`
}

// What UnpackedProposal.Validate checks before it asks for the creator's certificate and signature.
func refusal(up *endorser.UnpackedProposal) string {
	header := common.HeaderType(up.ChannelHeader.Type)
	switch {
	case header != common.HeaderType_ENDORSER_TRANSACTION && header != common.HeaderType_CONFIG:
		return "header type"
	case up.ChannelHeader.Epoch != 0:
		return "epoch"
	case len(up.SignatureHeader.Nonce) == 0:
		return "nonce"
	case len(up.SignatureHeader.Creator) == 0:
		return "creator"
	case up.TxID() != protoutil.ComputeTxID(up.SignatureHeader.Nonce, up.SignatureHeader.Creator):
		return "transaction id"
	}
	return ""
}

func execute(proposal []byte) execution {
	up, err := endorser.UnpackProposal(&peer.SignedProposal{ProposalBytes: proposal})
	if err != nil {
		return execution{Refused: err.Error()}
	}
	return execution{
		Channel:      up.ChannelID(),
		Chaincode:    up.ChaincodeName,
		Args:         up.Input.Args,
		ProposalHash: hex.EncodeToString(up.ProposalHash),
		Refused:      refusal(up),
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1<<20), 1<<24)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		proposal, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(execute(proposal)); err != nil {
			log.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}
